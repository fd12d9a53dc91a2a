namespace Lab.Setup;

/// <summary>Held while a lab is brought up or taken down, so that two commands at once wait for each other; the kernel frees it with the process.</summary>
internal static class SetupLock
{
    public static async Task<IDisposable> TakeAsync(string path, Action<string> say, CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (File.Exists(path))
            {
                if (attempt == 0)
                    say($"lab: another command is at work on {Path.GetDirectoryName(path)}; waiting for it");
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
            }
        }
    }
}

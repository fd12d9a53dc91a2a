using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Remote;

/// <summary>One run at a time works on a fleet's image, as far as this machine knows. The kernel frees it with the process.</summary>
internal sealed class RunLock : IDisposable
{
    private readonly FileStream _held;

    private RunLock(FileStream held) => _held = held;

    /// <summary>Errors: <see cref="RunnerBuildException"/> with who holds it since when.</summary>
    /// <param name="fleet">Absolute path of the fleet file, beside which the lock is.</param>
    public static RunLock Take(string fleet, RunHolder holder)
    {
        // Where files are locked as a whole, nobody could read in the locked one who holds it.
        var (file, note) = ($"{fleet}.running", $"{fleet}.runner");
        try
        {
            var held = new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            File.WriteAllText(note, $"{holder}\n");
            return new RunLock(held);
        }
        catch (IOException fault) when (fault is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            throw RunHolder.Refusal(Reading.NameForPeople(file), File.Exists(note) ? File.ReadAllText(note).Trim() : "");
        }
        catch (UnauthorizedAccessException fault)
        {
            throw new RunnerBuildException($"{Reading.NameForPeople(file)} cannot be written.", fault.Message, "Give this user the right to write beside the fleet file.");
        }
    }

    public void Dispose() => _held.Dispose();
}

using System.Globalization;
using RunnerBuild.Verifying;

namespace RunnerBuild.Remote;

/// <summary>The reports of the last nights, in a folder that its owner alone can read.</summary>
internal sealed class NightlyReports(string folder, int keep)
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Writes one, and takes the oldest away that are too many.</summary>
    /// <returns>Path of the one for people.</returns>
    public string Save(NightlyReport report)
    {
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(folder);
            else
                Directory.CreateDirectory(folder, Owner | UnixFileMode.UserExecute);
            var stem = Path.Combine(folder, report.Began.ToString("yyyy-MM-dd'T'HH-mm-ss'Z'", CultureInfo.InvariantCulture));
            Write($"{stem}.json", report.ToJson());
            Write($"{stem}.md", NightlyText.Of(report));
            foreach (var old in Nights().SkipLast(keep).SelectMany(night => night))
                File.Delete(old);
            return $"{stem}.md";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RunnerBuildException($"The report could not be kept in {folder}.", fault.Message, "Free disk space, or name a folder of yours with --reports FOLDER.");
        }
    }

    // Nothing else that lies there is touched.
    private IEnumerable<IGrouping<string, string>> Nights() => Directory.EnumerateFiles(folder, "????-??-??T??-??-??Z.*")
        .Where(file => Path.GetExtension(file) is ".json" or ".md").GroupBy(file => Path.GetFileNameWithoutExtension(file)).OrderBy(night => night.Key, StringComparer.Ordinal);

    private static void Write(string path, string text)
    {
        var draft = $"{path}.new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = Owner;
        using (var writer = new StreamWriter(draft, options))
            writer.Write(text);
        File.Move(draft, path, overwrite: true);
    }
}

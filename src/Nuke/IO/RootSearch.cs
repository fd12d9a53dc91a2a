namespace Nuke.Common.IO;

/// <summary>The root of a build: the nearest ancestor with a .nuke directory, the home directory's own excepted.</summary>
internal static class RootSearch
{
    public static string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    public static AbsolutePath? From(string workingDirectory, string home)
    {
        for (var directory = new DirectoryInfo(workingDirectory); directory != null; directory = directory.Parent)
        {
            if (Directory.Exists(Path.Join(directory.FullName, ".nuke")) && directory.FullName != home)
                return directory.FullName;
        }

        return null;
    }

    public static string NotFound(string workingDirectory) =>
        $"Could not locate '.nuke' directory while walking up from '{workingDirectory}'. " +
        "Either create the directory to mark the root directory, or add '--root [path]' to the invocation.";
}

using System.Reflection;

namespace Nuke.Common.IO;

/// <summary>The program that holds the build, and the project it was built from: the first one upward from it.</summary>
internal static class BuildAssembly
{
    public static AbsolutePath? File =>
        Assembly.GetEntryAssembly()?.Location is { Length: > 0 } location ? location : Environment.ProcessPath;

    public static AbsolutePath? ProjectFile
    {
        get
        {
            for (var directory = File?.Parent; directory != null; directory = directory.Parent)
            {
                if (Directory.EnumerateFiles(directory, "*.csproj").FirstOrDefault() is { } project)
                    return project;
            }

            return null;
        }
    }
}

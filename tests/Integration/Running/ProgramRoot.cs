namespace Integration.Running;

/// <summary>The project's root once more for the program as people start it: the same files, and a `.nuke` of its own, whose lab is the tests'.</summary>
internal static class ProgramRoot
{
    public static readonly string[] Shared = ["src", "artifacts", "runner-image", ".editorconfig", "Directory.Build.props", "Directory.Packages.props", "global.json"];

    public static void Make(string folder, string lab)
    {
        var temporary = Directory.CreateDirectory(Path.Combine(folder, ".nuke", "temp")).FullName;
        File.CreateSymbolicLink(Path.Combine(temporary, "lab"), lab);
        foreach (var name in Shared)
            File.CreateSymbolicLink(Path.Combine(folder, name), Path.Combine(Repository.Root, name));
    }
}

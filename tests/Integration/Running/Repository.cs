namespace Integration.Running;

/// <summary>Where the project and its built programs are.</summary>
internal static class Repository
{
    public static string Root { get; } = Above(AppContext.BaseDirectory);

    public static string Lab => Path.Combine(AppContext.BaseDirectory, "Lab.dll");

    /// <summary>The program that `build.sh` starts.</summary>
    public static string Build => Path.Combine(Root, "artifacts", "bin", "_build", "debug", "_build.dll");

    private static string Above(string directory) =>
        File.Exists(Path.Combine(directory, "RunnerBuild.sln")) ? directory : Above(Path.GetDirectoryName(directory)!);
}

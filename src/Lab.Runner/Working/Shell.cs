namespace Lab.Runner.Working;

/// <summary>How a script is run: the official program's lines for the known shells, else the step's own with `{0}` for the script.</summary>
internal static class Shell
{
    /// <summary>The same in a job's container, whose programs nobody can look for from here; without a wish it is sh there.</summary>
    public static (string Program, string[] Arguments, string Extension) InContainer(string? wanted) => wanted switch
    {
        null or "" or "sh" => ("sh", ["-e", "{0}"], ".sh"),
        "bash" => ("bash", ["--noprofile", "--norc", "-e", "-o", "pipefail", "{0}"], ".sh"),
        _ => throw new FormatException($"In a container the stand-in knows the shells sh and bash, not {wanted}."),
    };

    public static (string Program, string[] Arguments, string Extension) For(string? wanted, string? path) => wanted switch
    {
        null or "" => Find("bash", path) is { } bash ? (bash, ["-e", "{0}"], ".sh") : (Needed("sh", path), ["-e", "{0}"], ".sh"),
        "bash" => (Needed("bash", path), ["--noprofile", "--norc", "-e", "-o", "pipefail", "{0}"], ".sh"),
        "sh" => (Needed("sh", path), ["-e", "{0}"], ".sh"),
        "python" => (Needed("python", path), ["{0}"], ".py"),
        _ when wanted.Contains("{0}", StringComparison.Ordinal) && wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var program, .. var rest] =>
            (Needed(program, path), rest, ".sh"),
        _ => throw new FormatException($"Invalid shell option. Shell must be a valid built-in (bash, sh, python) or a format string containing '{{0}}': {wanted}"),
    };

    private static string Needed(string program, string? path) =>
        Find(program, path) ?? throw new FileNotFoundException($"{program}: command not found");

    private static string? Find(string program, string? path) => Path.IsPathRooted(program)
        ? program
        : (path ?? "/usr/local/bin:/usr/bin:/bin").Split(':').Select(folder => Path.Combine(folder, program)).FirstOrDefault(File.Exists);
}

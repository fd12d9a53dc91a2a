namespace RunnerBuild.Remote;

/// <summary>A file of `NAME=value` lines, as systemd's EnvironmentFile takes it.</summary>
internal static class EnvironmentFile
{
    /// <returns>Empty when it is not there. Its values are secrets: nobody but a <see cref="SecretStore"/> gets them.</returns>
    public static IReadOnlyDictionary<string, string> Read(string path)
    {
        try
        {
            return File.Exists(path)
                ? File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] is not ('#' or ';'))
                    .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2 && Unquoted(pair[1]).Length > 0)
                    .GroupBy(pair => pair[0].Trim()).ToDictionary(same => same.Key, same => Unquoted(same.Last()[1]))
                : new Dictionary<string, string>();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new RunnerBuildException($"{path} cannot be read.", fault.Message, "Only root may read it: run it with sudo.");
        }
    }

    private static string Unquoted(string value) =>
        value.Trim() is [('"' or '\'') and var open, .. var inside, var close] && open == close ? inside : value.Trim();
}

namespace Lab.Runner.Working;

/// <summary>The files by which a step sets environment, path and outputs: fresh for each step, read when it has ended.</summary>
internal sealed class CommandFiles
{
    private readonly string _folder;
    private readonly string _id = Guid.NewGuid().ToString("N");

    public CommandFiles(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        foreach (var file in Variables().Values)
            File.WriteAllText(file, "");
    }

    public Dictionary<string, string> Variables() => new()
    {
        ["GITHUB_ENV"] = At("set_env"),
        ["GITHUB_PATH"] = At("add_path"),
        ["GITHUB_OUTPUT"] = At("set_output"),
        ["GITHUB_STATE"] = At("save_state"),
        ["GITHUB_STEP_SUMMARY"] = At("step_summary"),
    };

    public Dictionary<string, string> Environment() => Pairs(At("set_env"));

    public Dictionary<string, string> Outputs() => Pairs(At("set_output"));

    /// <summary>The latest addition first, as it comes first in PATH.</summary>
    public string[] Path() => File.Exists(At("add_path")) ? [.. File.ReadAllLines(At("add_path")).Where(line => line.Length > 0).Reverse()] : [];

    /// <summary>Lines of `NAME=VALUE`, and `NAME&lt;&lt;MARK` with the value on the lines up to MARK.</summary>
    public static Dictionary<string, string> Pairs(string file)
    {
        Dictionary<string, string> pairs = [];
        var lines = File.Exists(file) ? File.ReadAllLines(file) : [];
        for (var i = 0; i < lines.Length; i++)
        {
            var equals = lines[i].IndexOf('=', StringComparison.Ordinal);
            var heredoc = lines[i].IndexOf("<<", StringComparison.Ordinal);
            if (heredoc > 0 && (equals < 0 || heredoc < equals))
            {
                var mark = lines[i][(heredoc + 2)..];
                var end = Array.IndexOf(lines, mark, i + 1);
                if (end < 0)
                    throw new FormatException($"Invalid value. Matching delimiter not found '{mark}'");
                pairs[lines[i][..heredoc]] = string.Join('\n', lines[(i + 1)..end]);
                i = end;
            }
            else if (equals > 0)
                pairs[lines[i][..equals]] = lines[i][(equals + 1)..];
            else if (lines[i].Length > 0)
                throw new FormatException($"Invalid format '{lines[i]}'");
        }
        return pairs;
    }

    private string At(string name) => System.IO.Path.Combine(_folder, $"{name}_{_id}");
}

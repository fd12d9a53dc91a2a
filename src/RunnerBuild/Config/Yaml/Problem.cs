namespace RunnerBuild.Config.Yaml;

/// <summary>One thing that is wrong in a fleet file, where, and what would be right. Lines and columns count from 1.</summary>
/// <param name="File">The file as a person would name it: relative to the current directory when it is below that.</param>
/// <param name="Path">`hosts/gh-runner-01/pools[0]/count`; empty for the file as a whole.</param>
internal sealed record Problem(string File, long Line, long Column, string Path, string Text)
{
    public override string ToString() => Path.Length == 0 ? $"{File}:{Line}:{Column}: {Text}" : $"{File}:{Line}:{Column}: {Path}: {Text}";
}

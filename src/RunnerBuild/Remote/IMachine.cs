namespace RunnerBuild.Remote;

/// <summary>A machine that is set up as root: a host at the other end of an SSH connection, or this one.</summary>
internal interface IMachine
{
    /// <summary>Runs a bash script that must succeed.</summary>
    /// <param name="line">Called with every line of output as it comes.</param>
    Task<string> CheckAsync(string summary, string script, IReadOnlyList<string> arguments, Action<string>? line, CancellationToken cancel);

    /// <summary>Puts a file in place at once, with its owner and mode.</summary>
    /// <param name="mode">Octal, such as `0600`.</param>
    /// <param name="owner">`user:group`.</param>
    Task WriteAsync(string path, byte[] content, string mode, string owner, CancellationToken cancel);
}

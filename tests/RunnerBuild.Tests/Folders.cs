using System.Text.RegularExpressions;

namespace RunnerBuild.Tests;

/// <summary>What the compiler cannot hold: it bans a name for a file or for none, and some files of these folders need some of the names.</summary>
public class Folders
{
    private const string Connections = @"new (HttpClient|SocketsHttpHandler|Socket|TcpClient|UdpClient|SshClient|GitHubClient)\b|\bDns\.|new Process(StartInfo)?\b|\bProcess\.Start\b";

    [Theory]
    [InlineData("Config", Connections)]
    [InlineData("Terminal", Connections)]
    [InlineData("Terminal", @"\bFile\.|\bDirectory\.")]
    [InlineData("Desired", Connections)]
    [InlineData("Verifying", Connections)]
    [InlineData("Remote", @"\b(Ansi)?Console\b")]
    [InlineData("Config", @"\b(Ansi)?Console\b")]
    [InlineData("Planning", @"\basync\b|\bawait\b|\bTask[.<]|\bTimeProvider\b")]
    public void A_folder_does_only_what_is_its_business(string folder, string forbidden)
    {
        var root = Path.GetFullPath($"../../src/RunnerBuild/{folder}", Config.Golden.Fleets);
        Directory.EnumerateFiles(root, "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => File.ReadLines(file).Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal) && Regex.IsMatch(line, forbidden)).Select(line => $"{Path.GetFileName(file)}: {line.Trim()}"))
            .ShouldBeEmpty();
    }
}

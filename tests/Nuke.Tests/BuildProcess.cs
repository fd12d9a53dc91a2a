using System.Diagnostics;

namespace Nuke.Tests;

/// <summary>Starts one of the builds as a process of its own: this test program in another role.</summary>
internal static class BuildProcess
{
    public const string Variable = "TESTED_BUILD";

    public static Process Start(string build, string directory, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, arguments)
        {
            WorkingDirectory = directory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        start.Environment[Variable] = build;
        start.Environment.Remove("GITHUB_ACTIONS");
        return Process.Start(start)!;
    }
}

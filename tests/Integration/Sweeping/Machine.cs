using Integration.Running;

namespace Integration.Sweeping;

/// <summary>A machine of the lab as its hypervisor sees it, not over SSH.</summary>
internal static class Machine
{
    /// <summary>Runs a bash script as root in it; must succeed.</summary>
    public static async Task<string> RunAsync(string container, string script, params string[] arguments)
    {
        var ended = await TryAsync(container, script, arguments);
        ended.ExitCode.ShouldBe(0, ended.Output);
        return ended.Output;
    }

    public static Task<Ended> TryAsync(string container, string script, params string[] arguments) =>
        LocalProgram.RunAsync("docker", ["exec", container, "bash", "-c", script, "script", .. arguments]);
}

using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Applying;

/// <summary>Asks the supervisor of a host for its status, and nothing else.</summary>
internal static class SupervisorAnswer
{
    /// <returns>Null: it is not there, or does not answer.</returns>
    public static async Task<SupervisorStatus?> ReadAsync(SshMachine machine, CancellationToken cancel)
    {
        var answer = await machine.RunAsync($"timeout 5 {HostPaths.Control} status --json", [], null, cancel);
        return answer.ExitCode == 0 ? SupervisorStatus.Parse(answer.Output) : null;
    }
}

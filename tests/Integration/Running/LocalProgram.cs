using System.Diagnostics;

namespace Integration.Running;

/// <summary>How a program of this machine ended.</summary>
/// <param name="Output">Both streams, the standard one first.</param>
internal sealed record Ended(int ExitCode, string Output);

/// <summary>Runs a program of this machine to its end.</summary>
internal static class LocalProgram
{
    public static string DotNet => Environment.GetEnvironmentVariable("DOTNET_EXE") ?? "dotnet";

    public static Task<Ended> DotNetAsync(string program, params IEnumerable<string> arguments) => RunAsync(DotNet, ["exec", program, .. arguments]);

    public static async Task<Ended> RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Ended(process.ExitCode, await output + await errors);
    }
}

using Lab.Runner;
using Lab.Runner.Working;

if (args is ["spawnclient", ..])
    return await Worker.RunAsync();

try
{
    return await CommandLine.RunAsync(args);
}
catch (RunnerFailure failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return failure.ExitCode;
}

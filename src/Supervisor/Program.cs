using System.Runtime.InteropServices;
using Supervisor;
using Supervisor.Control;
using Supervisor.Docker;

// .NET gives a single-file program its resolved path as argument 0; the kernel knows the name it was called by.
var calledAs = File.ReadAllText("/proc/self/cmdline").Split('\0')[0];
var asControl = Path.GetFileName(calledAs) == "runnerctl" || args is ["ctl", ..];
if (asControl)
    return await RunnerCtl.RunAsync(args is ["ctl", .. var rest] ? rest : args, Console.Out, Console.Error);

try
{
    if (Usage.Read(args, ServiceOptions.FromEnvironment()) is not { } options)
    {
        Console.Error.WriteLine(Usage.Text);
        return args is ["--help"] ? 0 : 2;
    }
    using var stop = new CancellationTokenSource();
    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stop.Cancel();
    }

    using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    return await Service.RunAsync(options, Console.Out, stop.Token);
}
catch (DockerFault fault)
{
    Console.Error.WriteLine(fault.Message);
    return 2;
}

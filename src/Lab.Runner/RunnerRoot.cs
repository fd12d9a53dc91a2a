using System.Globalization;

namespace Lab.Runner;

/// <summary>The folder that holds `bin/` and the runner's configuration files.</summary>
internal sealed record RunnerRoot(string Path)
{
    public static readonly string[] ConfigurationFiles = [".runner", ".credentials", ".credentials_rsaparams"];

    public static RunnerRoot OfThisProgram()
    {
        var program = new DirectoryInfo(AppContext.BaseDirectory);
        return new(program.Name == "bin" ? program.Parent!.FullName : program.FullName);
    }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string Worker => File("bin/Runner.Worker");

    /// <summary>Opens `_diag/Runner_…-utc.log` or `_diag/Worker_…-utc.log`.</summary>
    public Diagnostics Diagnostics(string program)
    {
        Directory.CreateDirectory(File("_diag"));
        var time = DateTime.UtcNow.ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        return new(File($"_diag/{program}_{time}-utc.log"));
    }
}

/// <summary>A log for those who look for a cause; it never holds secrets.</summary>
internal sealed class Diagnostics(string file) : IDisposable
{
    private readonly StreamWriter _writer = new(file, append: true) { AutoFlush = true };
    private readonly Lock _gate = new();

    public void Write(string line)
    {
        lock (_gate)
            _writer.WriteLine($"[{DateTime.UtcNow:u} INFO {System.IO.Path.GetFileName(Environment.ProcessPath)}] {line}");
    }

    public void Dispose() => _writer.Dispose();
}

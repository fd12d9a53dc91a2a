#nullable disable
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Output;

namespace Nuke.Common;

public abstract partial class NukeBuild
{
    public static AbsolutePath RootDirectory => Session.Current?.Root ?? RootSearch.From(Environment.CurrentDirectory, RootSearch.Home);
    public static AbsolutePath TemporaryDirectory => RootDirectory / ".nuke" / "temp";
    public static AbsolutePath BuildAssemblyFile => BuildAssembly.File;
    public static AbsolutePath BuildAssemblyDirectory => BuildAssemblyFile?.Parent;
    public static AbsolutePath BuildProjectFile => BuildAssembly.ProjectFile;
    public static AbsolutePath BuildProjectDirectory => BuildProjectFile?.Parent;

    public static Verbosity Verbosity
    {
        get => Session.Current?.Verbosity ?? Verbosity.Normal;
        set => Session.Required.Verbosity = value;
    }

    public static Host Host
    {
        get => Session.Current?.Host ?? new Terminal();
        set => Session.Required.Host = value;
    }

    /// <summary>The profiles whose files of parameters were read, as --profile names them.</summary>
    public static string[] LoadedLocalProfiles => Session.Current?.Profiles ?? [];

    public static bool IsLocalBuild => !IsServerBuild;
    public static bool IsServerBuild => Host is IBuildServer;

    /// <summary>Cancelled on SIGINT and SIGTERM. Targets that are assured after a failure get a fresh token.</summary>
    public static CancellationToken Cancellation => Session.Current?.Interruption?.Token ?? CancellationToken.None;

    /// <summary>From now on the value shows as *** on the console and in the log file.</summary>
    public static void MaskSecret(string value) => SecretValues.Known.Add(value);
}

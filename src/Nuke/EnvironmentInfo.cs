#nullable disable
using System.Collections;
using System.Runtime.InteropServices;
using Nuke.Common.IO;
using Nuke.Common.Parameters;

namespace Nuke.Common;

public enum PlatformFamily
{
    Unknown,
    Windows,
    Linux,
    OSX,
}

public enum SpecialFolders
{
    ProgramFiles = Environment.SpecialFolder.ProgramFiles,
    ProgramFilesX86 = Environment.SpecialFolder.ProgramFilesX86,
    LocalApplicationData = Environment.SpecialFolder.LocalApplicationData,
    ApplicationData = Environment.SpecialFolder.ApplicationData,
    CommonApplicationData = Environment.SpecialFolder.CommonApplicationData,
    Windows = Environment.SpecialFolder.Windows,
    System = Environment.SpecialFolder.System,
    UserProfile = Environment.SpecialFolder.UserProfile,
}

/// <summary>The machine and process that the build runs on.</summary>
public static class EnvironmentInfo
{
    public static AbsolutePath WorkingDirectory
    {
        get => Environment.CurrentDirectory;
        set => Environment.CurrentDirectory = value;
    }

    public static string NewLine => Environment.NewLine;
    public static string MachineName => Environment.MachineName;

    public static PlatformFamily Platform =>
        OperatingSystem.IsWindows() ? PlatformFamily.Windows
        : OperatingSystem.IsLinux() ? PlatformFamily.Linux
        : OperatingSystem.IsMacOS() ? PlatformFamily.OSX
        : PlatformFamily.Unknown;

    public static bool IsWin => Platform == PlatformFamily.Windows;
    public static bool IsLinux => Platform == PlatformFamily.Linux;
    public static bool IsOsx => Platform == PlatformFamily.OSX;
    public static bool IsUnix => IsLinux || IsOsx;
    public static bool IsWsl => IsLinux && File.Exists("/proc/version") && File.ReadAllText("/proc/version").Contains("Microsoft", StringComparison.OrdinalIgnoreCase);
    public static bool IsArm64 => RuntimeInformation.OSArchitecture == Architecture.Arm64;
    public static bool Is64Bit => Environment.Is64BitOperatingSystem;

    public static IReadOnlyCollection<string> CommandLineArguments => Environment.GetCommandLineArgs()[1..];

    public static IReadOnlyDictionary<string, string> Variables =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>().ToDictionary(x => (string)x.Key, x => (string)x.Value);

    public static IReadOnlyCollection<string> Paths =>
        [.. (GetVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)];

    public static string GetVariable(string name) => Environment.GetEnvironmentVariable(name);

    /// <summary>The default of T when there is no such variable.</summary>
    public static T GetVariable<T>(string name) =>
        GetVariable(name) is { } text ? (T)Conversion.Convert(text, Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T), WorkingDirectory) : default;

    public static bool HasVariable(string name, bool allowEmpty = true) => GetVariable(name) is { } value && (allowEmpty || value.Length > 0);

    public static void SetVariable(string name, string value) => Environment.SetEnvironmentVariable(name, value);

    public static void SetVariable<T>(string name, T value) => SetVariable(name, value.ToString());

    public static void RemoveVariable(string name) => SetVariable(name, null);

    public static AbsolutePath SpecialFolder(SpecialFolders folder) =>
        Environment.GetFolderPath((Environment.SpecialFolder)folder) is { Length: > 0 } path ? path : null;

    /// <summary>Changes the working directory until the result is disposed.</summary>
    public static IDisposable SwitchWorkingDirectory(this AbsolutePath path)
    {
        Assert.DirectoryExists(path);
        var before = WorkingDirectory;
        WorkingDirectory = path;
        return new Output.Block(() => WorkingDirectory = before);
    }
}

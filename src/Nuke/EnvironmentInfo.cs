#nullable disable
using Nuke.Common.IO;

namespace Nuke.Common;

/// <summary>The machine and process that the build runs on.</summary>
public static class EnvironmentInfo
{
    public static AbsolutePath WorkingDirectory
    {
        get => Environment.CurrentDirectory;
        set => Environment.CurrentDirectory = value;
    }

    public static bool IsWin => OperatingSystem.IsWindows();
    public static bool IsLinux => OperatingSystem.IsLinux();
    public static bool IsOsx => OperatingSystem.IsMacOS();
    public static bool IsUnix => !IsWin;

    public static string GetVariable(string name) => Environment.GetEnvironmentVariable(name);

    public static bool HasVariable(string name) => GetVariable(name) != null;

    public static void SetVariable(string name, string value) => Environment.SetEnvironmentVariable(name, value);
}

using System.Runtime.InteropServices;

namespace Lab;

/// <summary>The .NET installation that this program runs on.</summary>
internal static class DotNet
{
    /// <summary>Absolute path of the `dotnet` program, three levels above the runtime's own files.</summary>
    public static string Host { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));

    /// <summary>The name of this machine's kind, such as `linux-x64`.</summary>
    public static string RuntimeIdentifier { get; } = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
}

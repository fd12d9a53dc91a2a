namespace Nuke.Common;

/// <summary>The exit codes that the engine itself gives; a build may set others.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
}

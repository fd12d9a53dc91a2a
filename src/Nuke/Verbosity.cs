namespace Nuke.Common;

/// <summary>The least level that is shown: Verbose, Debug, Warning, Error in this order.</summary>
public enum Verbosity
{
    Verbose,
    Normal,
    Minimal,
    Quiet,
}

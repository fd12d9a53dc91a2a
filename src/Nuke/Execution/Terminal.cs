namespace Nuke.Common.Execution;

/// <summary>A person's terminal, or a pipe.</summary>
public class Terminal : Host;

namespace Nuke.Common.Tooling;

/// <summary>Takes settings and returns them changed.</summary>
public delegate T Configure<T>(T settings);

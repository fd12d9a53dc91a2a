namespace Lab;

/// <summary>What the server says about itself: which program it is, and whose lab.</summary>
internal sealed record Health(string Version, string State);

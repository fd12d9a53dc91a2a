namespace Nuke.Common.Secrets;

/// <summary>A secret in a parameters file cannot be read or entered. The message goes on where a sentence names the place.</summary>
internal sealed class SecretException(string message) : Exception(message);

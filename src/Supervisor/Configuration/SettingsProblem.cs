namespace Supervisor.Configuration;

/// <summary>Settings that cannot be served; the message names the file, what is wrong and what would be right.</summary>
internal sealed class SettingsProblem(string message) : Exception(message);

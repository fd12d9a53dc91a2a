#nullable disable
namespace Nuke.Common.Tooling;

/// <summary>One line that a process wrote.</summary>
public struct Output
{
    public OutputType Type { get; set; }
    public string Text { get; set; }
}

public enum OutputType
{
    Std,
    Err,
}

/// <summary>Takes settings and returns them changed.</summary>
public delegate T Configure<T>(T settings);

public static class ConfigureExtensions
{
    public static T InvokeSafe<T>(this Configure<T> configurator, T obj) => configurator == null ? obj : configurator(obj);
}

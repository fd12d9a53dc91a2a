using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>Finds the exception that a person has to see behind the wrappers of reflection and tasks.</summary>
internal static class Failure
{
    public static Exception Unwrap(Exception exception) => exception switch
    {
        TargetInvocationException { InnerException: { } inner } => Unwrap(inner),
        TypeInitializationException { InnerException: { } inner } => Unwrap(inner),
        AggregateException { InnerExceptions: [var only] } => Unwrap(only),
        AggregateException aggregate => aggregate.Flatten(),
        _ => exception,
    };

    public static string FirstLine(string text) => text.Split('\n', 2)[0].TrimEnd('\r');
}

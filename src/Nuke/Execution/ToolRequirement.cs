using System.Reflection;
using Nuke.Common.Tooling;

namespace Nuke.Common.Execution;

/// <summary>A program that must be found along PATH.</summary>
internal sealed record ToolRequirement(string Executable)
{
    /// <param name="declaration">A type with [PathTool], or a member with [PathVariable].</param>
    public static ToolRequirement Of(MemberInfo declaration) =>
        new(declaration.GetCustomAttribute<PathToolAttribute>()?.Executable
            ?? declaration.GetCustomAttribute<PathVariableAttribute>()?.ExecutableOf(declaration)
            ?? throw new UsageException($"{declaration.Name} is required as a tool, but says neither by [PathTool] nor by [PathVariable] which program it is."));

    public string? Unmet(ExecutableTarget target) => ToolPathResolver.Find(Executable) is null
        ? $"Target '{target.Name}' requires the program '{Executable}', which is in no directory of PATH: install it, or add its directory to PATH."
        : null;
}

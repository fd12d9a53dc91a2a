#nullable disable
using System.Reflection;
using Nuke.Common.ValueInjection;

namespace Nuke.Common.Tooling;

/// <summary>A class that stands for a program, for <c>Requires&lt;T&gt;()</c>.</summary>
public interface IRequireTool;

public interface IRequireToolWithVersion : IRequireTool;

public interface IRequirePathTool : IRequireTool;

/// <summary>Says which program a class stands for.</summary>
[AttributeUsage(AttributeTargets.Class)]
public class PathToolAttribute : Attribute
{
    public string Executable { get; set; }
}

/// <summary>A member of type <see cref="Tool"/> that runs the program found along PATH; without a name, the one the member is named after.</summary>
public class PathVariableAttribute(string name = null) : ValueInjectionAttributeBase
{
    public override object GetValue(MemberInfo member, object instance) => ToolResolver.GetEnvironmentOrPathTool(ExecutableOf(member));

    internal string ExecutableOf(MemberInfo member) => name ?? member.Name.ToLowerInvariant();
}

#nullable disable
using System.Linq.Expressions;
using Nuke.Common.Execution;
using Nuke.Common.IO;

namespace Nuke.Common;

/// <summary>What components ask of a build: the static members, and the values of their parameters.</summary>
public abstract partial class NukeBuild : INukeBuild
{
    AbsolutePath INukeBuild.RootDirectory => RootDirectory;
    AbsolutePath INukeBuild.TemporaryDirectory => TemporaryDirectory;
    AbsolutePath INukeBuild.BuildAssemblyFile => BuildAssemblyFile;
    AbsolutePath INukeBuild.BuildAssemblyDirectory => BuildAssemblyDirectory;
    AbsolutePath INukeBuild.BuildProjectDirectory => BuildProjectDirectory;
    AbsolutePath INukeBuild.BuildProjectFile => BuildProjectFile;
    Verbosity INukeBuild.Verbosity => Verbosity;
    Host INukeBuild.Host => Host;
    bool INukeBuild.IsLocalBuild => IsLocalBuild;
    bool INukeBuild.IsServerBuild => IsServerBuild;

    T INukeBuild.TryGetValue<T>(Expression<Func<T>> parameterExpression) => (T)ValueOf(parameterExpression);

    T INukeBuild.TryGetValue<T>(Expression<Func<object>> parameterExpression) => ValueOf(parameterExpression) is T value ? value : default;

    private static object ValueOf(LambdaExpression parameter)
    {
        var body = parameter.Body is UnaryExpression convert ? convert.Operand : parameter.Body;
        return Session.Required.Request?.ValueOf(((MemberExpression)body).Member);
    }
}

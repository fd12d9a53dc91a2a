using Xunit.Sdk;
using Xunit.v3;

namespace Lab.Tests.Hosts;

/// <summary>For tests that are the stations of one life.</summary>
public sealed class InOrderOfName : ITestMethodOrderer
{
    public IReadOnlyCollection<TTestMethod?> OrderTestMethods<TTestMethod>(IReadOnlyCollection<TTestMethod?> testMethods)
        where TTestMethod : notnull, ITestMethod => [.. testMethods.OrderBy(test => test?.MethodName, StringComparer.Ordinal)];
}

using Integration.Running;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Parallelization(Mode = ParallelMode.None)]

namespace Integration;

/// <summary>The stations of one fleet's life, class after class and test after test, by name: each finds what the one before it left.</summary>
public sealed class InOrderOfName : ITestClassOrderer, ITestMethodOrderer
{
    public IReadOnlyCollection<TTestClass?> OrderTestClasses<TTestClass>(IReadOnlyCollection<TTestClass?> testClasses)
        where TTestClass : notnull, ITestClass => [.. testClasses.OrderBy(test => test?.TestClassName, StringComparer.Ordinal)];

    public IReadOnlyCollection<TTestMethod?> OrderTestMethods<TTestMethod>(IReadOnlyCollection<TTestMethod?> testMethods)
        where TTestMethod : notnull, ITestMethod => [.. testMethods.OrderBy(test => test?.MethodName, StringComparer.Ordinal)];
}

/// <summary>All that shares the lab.</summary>
[CollectionDefinition("fleet")]
[TestClassOrderer(typeof(InOrderOfName))]
[TestMethodOrderer(typeof(InOrderOfName))]
public sealed class FleetLife : ICollectionFixture<LabFixture>
{
    /// <summary>Trait: which target of the build runs a station; without, Test.</summary>
    public const string Target = "Target";

    /// <summary>Takes minutes: jobs that go on while everything changes, kills one after the other, waits of GitHub's length.</summary>
    public const string EndToEnd = "EndToEnd";

    /// <summary>What all others stand on.</summary>
    public const string Every = "Every";
}

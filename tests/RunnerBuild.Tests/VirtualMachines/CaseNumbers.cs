using System.Text.RegularExpressions;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>The contract has 48 numbered cases; those about the client are here, each named by at least one test.</summary>
public sealed partial class CaseNumbers
{
    /// <summary>About the double alone: its own tests name them.</summary>
    private static readonly int[] OfTheDouble = [8, 9, 10, 11, 12, 15, 17, 19];

    [Fact]
    public void Every_case_about_the_client_is_named_by_a_test() =>
        Enumerable.Range(1, 48).Except(OfTheDouble).Except(typeof(CaseNumbers).Assembly.GetTypes()
            .Where(type => type.Namespace == typeof(CaseNumbers).Namespace).SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0).SelectMany(method => Of(method.Name))).ShouldBeEmpty();

    [Theory]
    [InlineData("Case_07_a_reason", new[] { 7 })]
    [InlineData("Cases_14_39_and_48_a_machine", new[] { 14, 39, 48 })]
    [InlineData("Cases_23_to_25_another_spelling", new[] { 23, 24, 25 })]
    [InlineData("A_disk_of_40_GiB", new int[0])]
    public void Numbers_are_read_from_names(string name, int[] numbers) => Of(name).ShouldBe(numbers);

    private static IEnumerable<int> Of(string name)
    {
        var (before, range) = (0, false);
        foreach (var part in Named().Match(name).Groups["numbers"].Value.Split('_', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!int.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out var number))
            {
                range = part == "to";
                continue;
            }

            for (var between = before + 1; range && between < number; between++)
                yield return between;
            (before, range) = (number, false);
            yield return number;
        }
    }

    [GeneratedRegex("^Cases?(?<numbers>(_(and_|to_)?[0-9]{2})+)_")]
    private static partial Regex Named();
}

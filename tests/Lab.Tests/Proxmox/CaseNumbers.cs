using System.Globalization;
using System.Text.RegularExpressions;

namespace Lab.Tests.Proxmox;

/// <summary>The contract's numbered cases that are about the double: each is named by at least one test here.</summary>
public partial class CaseNumbers
{
    private static readonly int[] OfTheDouble = [1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 34, 35, 41, 42, 44, 47];

    [Fact]
    public void Every_case_about_the_double_is_named_by_a_test() =>
        OfTheDouble.Except(typeof(CaseNumbers).Assembly.GetTypes().Where(type => type.Namespace == typeof(CaseNumbers).Namespace).SelectMany(type => type.GetMethods())
            .Where(method => method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0).SelectMany(method => Of(method.Name))).ShouldBeEmpty();

    private static IEnumerable<int> Of(string name) => Named().Match(name) is { Success: true } match
        ? Enumerable.Range(Number(match.Groups["first"]), 1 + (match.Groups["last"].Success ? Number(match.Groups["last"]) - Number(match.Groups["first"]) : 0))
        : [];

    private static int Number(Group digits) => int.Parse(digits.Value, CultureInfo.InvariantCulture);

    [GeneratedRegex("^Cases?_(?<first>[0-9]{2})(_to_(?<last>[0-9]{2}))?_")]
    private static partial Regex Named();
}

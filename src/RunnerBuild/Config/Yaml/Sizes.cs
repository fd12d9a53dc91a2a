using System.Globalization;
using System.Text.RegularExpressions;

namespace RunnerBuild.Config.Yaml;

/// <summary>Amounts of memory and disk: a whole number with M, G or T behind it. 1G is 1024M.</summary>
internal static partial class Sizes
{
    /// <summary>In mebibytes.</summary>
    public static Shape<int> MiB(string least, string most) => Between(least, most, unit: 1);

    /// <summary>In gibibytes; amounts that are not whole gibibytes are a problem.</summary>
    public static Shape<int> GiB(string least, string most) => Between(least, most, unit: 1024);

    private static Shape<int> Between(string least, string most, int unit) => new Scalar<int>(
        $"a size from {least} to {most}{(unit == 1 ? ", such as 16G or 512M" : " in whole gibibytes, such as 64G")}",
        (text, out value) =>
        {
            var size = InMiB(text);
            value = (int)(size / unit);
            return size >= InMiB(least) && size <= InMiB(most) && size % unit == 0;
        },
        $$"""{ "type": "string", "pattern": "^[0-9]+[MGT](i?B)?$" }""")
        .Unless(
            text => int.TryParse(text, CultureInfo.InvariantCulture, out _),
            "a size needs a unit, M for mebibytes or G for gibibytes, such as 16G");

    /// <summary>-1 when the text is no size.</summary>
    private static long InMiB(string text)
    {
        if (Size().Match(text) is not { Success: true } match)
            return -1;
        var unit = match.Groups[2].Value switch { "M" => 1, "G" => 1024, _ => 1024 * 1024 };
        return long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) * unit;
    }

    [GeneratedRegex("^([0-9]{1,9})([MGT])(i?B)?$")]
    private static partial Regex Size();
}

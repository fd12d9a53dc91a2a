#nullable disable
using System.ComponentModel;
using System.Globalization;

namespace Nuke.Common.CI;

/// <summary>The part of the work that this job of several does, as in <c>--partition 1/3</c>.</summary>
[TypeConverter(typeof(TypeConverter))]
public class Partition
{
    public static Partition Single { get; } = new() { Part = 1, Total = 1 };

    public int Part { get; set; }
    public int Total { get; set; }

    public bool IsIn(int part) => Total == 1 || part == Part;

    public IEnumerable<T> GetCurrent<T>(IEnumerable<T> enumerable) => enumerable.Where((_, i) => i % Total == Part - 1);

    public override string ToString() => $"{Part}/{Total}";

    public class TypeConverter : System.ComponentModel.TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value)
        {
            if (value is not string text)
                return base.ConvertFrom(context, culture, value);
            return text.Split('/') is [var left, var right] && int.TryParse(left, CultureInfo.InvariantCulture, out var part)
                && int.TryParse(right, CultureInfo.InvariantCulture, out var total) && part >= 1 && part <= total
                ? new Partition { Part = part, Total = total }
                : throw new FormatException("is no part of a whole like 1/3");
        }
    }
}

#nullable disable
using System.ComponentModel;
using System.Globalization;
using System.Reflection;

namespace Nuke.Common.Tooling;

/// <summary>A closed set of named values, as public static fields of a derived class.</summary>
public abstract class Enumeration
{
    protected string Value { get; set; }

    public static implicit operator string(Enumeration value) => value?.Value;

    public static bool operator ==(Enumeration a, Enumeration b) => Equals(a, b);

    public static bool operator !=(Enumeration a, Enumeration b) => !Equals(a, b);

    public override bool Equals(object obj) => obj is Enumeration other && other.GetType() == GetType() && other.Value == Value;

    public override int GetHashCode() => Value?.GetHashCode(StringComparison.Ordinal) ?? 0;

    public override string ToString() => Value;

    internal static FieldInfo[] ValuesOf(Type type) => type.GetFields(BindingFlags.Public | BindingFlags.Static);

    /// <summary>Finds the value by the name of its field, whatever the case.</summary>
    public class TypeConverter<T> : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value) =>
            value is string text
                ? ValuesOf(typeof(T)).Single(x => x.Name.Equals(text, StringComparison.OrdinalIgnoreCase)).GetValue(obj: null)
                : base.ConvertFrom(context, culture, value);
    }
}

/// <summary>The text that a value of an enum stands for.</summary>
[AttributeUsage(AttributeTargets.Field)]
public class EnumValueAttribute(string value) : Attribute
{
    public string Value { get; } = value;
}

public static class EnumerationExtensions
{
    public static string GetValue<T>(this T value)
        where T : Enum => typeof(T).GetField(value.ToString())?.GetCustomAttribute<EnumValueAttribute>()?.Value ?? value.ToString();
}

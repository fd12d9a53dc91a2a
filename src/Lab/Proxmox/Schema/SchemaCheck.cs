using System.Globalization;
using System.Text.RegularExpressions;

namespace Lab.Proxmox.Schema;

/// <summary>Compares values with a table of parameters, all problems at once, in the server's words.</summary>
internal static class SchemaCheck
{
    public static SortedDictionary<string, string> Problems(ParameterTable table, IReadOnlyDictionary<string, object> values)
    {
        var problems = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (
            var parameter in table.All.Where(parameter =>
                parameter is { Count: 0, IsOptional: false } && !values.ContainsKey(parameter.Name)
            )
        )
            problems[parameter.Name] = "property is missing and it is not optional";
        foreach (var (name, value) in values)
        {
            var parameter = table.Find(name);
            if (parameter is null)
                problems[name] = "property is not defined in schema and the schema does not allow additional properties";
            else if (Problem(parameter with { Name = name }, value) is { } problem)
                problems[name] = problem;
            if (parameter?.Requires is { } other && !values.ContainsKey(other))
                problems[other] = $"missing property required by '{name}'";
        }
        return problems;
    }

    private static string? Problem(Parameter parameter, object value)
    {
        if (TypeProblem(parameter.Kind, value) is { } wrongType)
            return wrongType;
        if (value is not string && value is not bool)
            return null;
        var text = value is bool flag
            ? flag
                ? "1"
                : "0"
            : (string)value;
        if (FormatProblem(parameter, text) is { } wrongFormat)
            return $"invalid format - {wrongFormat}\n";
        if (parameter.Pattern is { } pattern && !Regex.IsMatch(text, $@"\A(?:{pattern})\z"))
            return "value does not match the regex pattern";
        if (text.Length > parameter.MaxLength)
            return $"value may only be {parameter.MaxLength} characters long";
        return RangeProblem(parameter, text);
    }

    private static string? TypeProblem(ValueKind kind, object value)
    {
        var name = kind.ToString().ToLowerInvariant();
        if (kind == ValueKind.Array)
            return value is List<string> ? null : $"type check ('{name}') failed";
        return value switch
        {
            bool => kind == ValueKind.Boolean ? null : $"type check ('{name}') failed - got JSON::PP::Boolean",
            string text => HasKind(kind, text) ? null : $"type check ('{name}') failed - got '{text}'",
            List<string> => $"type check ('{name}') failed - got ARRAY",
            _ => $"type check ('{name}') failed - got HASH",
        };
    }

    private static bool HasKind(ValueKind kind, string text) =>
        kind switch
        {
            ValueKind.Boolean => text is "0" or "1",
            ValueKind.Integer => Regex.IsMatch(text, @"\A[+-]?[0-9]+\z"),
            ValueKind.Number => Regex.IsMatch(text, @"\A[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?\z"),
            _ => true,
        };

    private static string? FormatProblem(Parameter parameter, string text) =>
        parameter.Keys.Length > 0 ? PropertyStrings.Check(parameter, text)
        : parameter.Format is { } format ? Formats.Check(format, text)
        : null;

    private static string? RangeProblem(Parameter parameter, string text)
    {
        if (parameter.Kind is ValueKind.Integer or ValueKind.Number)
        {
            var number = double.Parse(text, CultureInfo.InvariantCulture);
            if (number > parameter.Maximum)
                return $"value must have a maximum value of {parameter.Maximum}";
            if (number < parameter.Minimum)
                return $"value must have a minimum value of {parameter.Minimum}";
        }
        return parameter.Values.Length > 0 && !parameter.Values.Contains(text)
            ? $"value '{text}' does not have a value in the enumeration '{string.Join(", ", parameter.Values)}'"
            : null;
    }
}

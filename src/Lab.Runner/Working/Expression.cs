using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Lab.Runner.Working;

/// <summary>GitHub's expressions: names, literals, `!`, `&amp;&amp;`, `||`, `==`, `!=`, parentheses, `format` and the status functions.</summary>
internal sealed partial class Expression
{
    private readonly string[] _tokens;
    private readonly Contexts _contexts;
    private int _at;

    private Expression(string text, Contexts contexts)
    {
        _tokens = [.. Lexer().Matches(text).Select(match => match.Value).Where(token => !string.IsNullOrWhiteSpace(token))];
        _contexts = contexts;
    }

    /// <summary>A string, bool, double, JSON node or null.</summary>
    public static object? Evaluate(string text, Contexts contexts)
    {
        var expression = new Expression(text, contexts);
        var value = expression.Or();
        return expression._at == expression._tokens.Length
            ? value
            : throw new FormatException($"The expression {text} is not understood at {expression._tokens[expression._at]}.");
    }

    public static bool Truth(object? value) => value is not (null or false or "" or 0d);

    public static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        double number => number.ToString(CultureInfo.InvariantCulture),
        JsonNode node => node.ToJsonString(),
        _ => value.ToString()!,
    };

    private object? Or()
    {
        var left = And();
        while (Take("||"))
        {
            var right = And();
            left = Truth(left) ? left : right;
        }
        return left;
    }

    private object? And()
    {
        var left = Equality();
        while (Take("&&"))
        {
            var right = Equality();
            left = Truth(left) ? right : left;
        }
        return left;
    }

    private object? Equality()
    {
        var left = Unary();
        if (Take("=="))
            return Same(left, Unary());
        return Take("!=") ? !Same(left, Unary()) : left;
    }

    private object? Unary() => Take("!") ? !Truth(Unary()) : Primary();

    private object? Primary()
    {
        var token = _at < _tokens.Length ? _tokens[_at++] : throw new FormatException("The expression ends too early.");
        if (token == "(")
        {
            var inner = Or();
            Expect(")");
            return inner;
        }
        if (token[0] == '\'')
            return token[1..^1].Replace("''", "'", StringComparison.Ordinal);
        if (double.TryParse(token, CultureInfo.InvariantCulture, out var number))
            return number;
        return Take("(") ? Call(token) : Name(token);
    }

    private object? Name(string token) => token switch
    {
        "true" => (object)true,
        "false" => false,
        "null" => null,
        "job.status" => _contexts.JobStatus,
        _ => Plain(_contexts.Find(token.Split('.'))),
    };

    private static object? Plain(JsonNode? node)
    {
        if (node is not JsonValue value)
            return node;

        return value.GetValueKind() switch
        {
            JsonValueKind.True => (object)true,
            JsonValueKind.False => false,
            JsonValueKind.Number => double.Parse(value.ToJsonString(), CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };
    }

    private object Call(string function)
    {
        List<object?> arguments = [];
        while (!Take(")"))
        {
            arguments.Add(Or());
            if (!Take(",") && (_at >= _tokens.Length || _tokens[_at] != ")"))
                throw new FormatException($"The arguments of {function} do not end.");
        }
        return function switch
        {
            "success" => _contexts.JobStatus == "success",
            "failure" => _contexts.JobStatus == "failure",
            "cancelled" => _contexts.JobStatus == "cancelled",
            "always" => true,
            "format" => string.Format(CultureInfo.InvariantCulture, Text(arguments[0]), [.. arguments.Skip(1).Select(Text)]),
            _ => throw new FormatException($"The stand-in does not know the function {function}."),
        };
    }

    private static bool Same(object? left, object? right) => Text(left).Equals(Text(right), StringComparison.OrdinalIgnoreCase);

    private bool Take(string token)
    {
        if (_at >= _tokens.Length || _tokens[_at] != token)
            return false;

        _at++;
        return true;
    }

    private void Expect(string token)
    {
        if (!Take(token))
            throw new FormatException($"The expression lacks a {token}.");
    }

    [GeneratedRegex(@"'(?:[^']|'')*'|\|\||&&|==|!=|[!(),]|-?\d+(?:\.\d+)?|[A-Za-z_][\w.-]*|\s+|.", RegexOptions.Singleline)]
    private static partial Regex Lexer();
}

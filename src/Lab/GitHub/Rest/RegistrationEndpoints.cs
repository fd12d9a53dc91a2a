using System.Security.Cryptography;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
using Lab.GitHub.RunnerService;
using Lab.GitHub.State;

namespace Lab.GitHub.Rest;

/// <summary>The calls of `config.sh` that are in no documentation: it shows its registration token, then registers the public key that it made.</summary>
internal sealed class RegistrationEndpoints(GitHubOptions options, Accounts accounts, Registrations registrations)
{
    public void Map(RestRoutes routes)
    {
        routes.Post("/actions/runner-registration", Tenant);
        routes.Post("/actions/runners/register", Register);
    }

    /// <summary>Where the runner is to register itself. What it is told first is that it talks to the new flow.</summary>
    private IResult Tenant(RestCall call)
    {
        ScopeOf(call);
        return Results.Json(new
        {
            url = Broker(call),
            token_schema = "OAuthAccessToken",
            token = JsonWebToken.Sign(new() { ["scope"] = $"{call.Caller.Only}" }, RandomNumberGenerator.GetBytes(32)),
            use_v2_flow = true,
        });
    }

    /// <summary>Below the address that the program was given, or it takes the server for one that is set up wrongly; and the same each time, or it asks for the old service.</summary>
    private static string Broker(RestCall call) => $"{call.Http.Request.Scheme}://{call.Http.Request.Host}/broker/";

    private IResult Register(RestCall call)
    {
        var scope = ScopeOf(call);
        if (call.Text("name") is not { Length: > 0 and <= JitConfigEndpoint.LongestName } name)
            throw Unprocessable($"name should have 1 to {JitConfigEndpoint.LongestName} characters");

        var group = call.Field("group_id") is { ValueKind: JsonValueKind.Number } number ? number.GetInt32() : 1;
        if (!accounts.Groups(scope).Any(g => g.Id == group))
            throw RestRefusal.NotFound();

        var order = new NewRunner(scope, name, group, Labels(call), Key(call))
        {
            Ephemeral = call.Field("ephemeral") is { ValueKind: JsonValueKind.True },
            Replaces = call.Field("replace") is { ValueKind: JsonValueKind.True } && call.Field("runner_id") is { } id ? id.GetInt64() : null,
            Version = call.Text("version") ?? "",
        };
        var runner = registrations.Register(order) ?? throw new RestRefusal(409, $"Already exists - A runner with the name {name} already exists.");
        return Results.Json(
            new
            {
                id = runner.Id,
                name = runner.Name,
                authorization = new { authorization_url = $"{options.PublicUrl}/oauth/token", server_url = Broker(call), client_id = runner.ClientId },
            },
            statusCode: StatusCodes.Status201Created);
    }

    /// <summary>The token's scope, which the address in the body must be of.</summary>
    private static RunnerScope ScopeOf(RestCall call)
    {
        var scope = call.Caller.Only ?? throw new RestRefusal(401, "A registration token is needed.");
        var path = Uri.TryCreate(call.Text("url"), UriKind.Absolute, out var url) ? url.AbsolutePath.Trim('/') : "";
        return path.Equals(scope.Kind == RunnerScope.Enterprise ? $"{scope}" : scope.Name, StringComparison.OrdinalIgnoreCase)
            ? scope
            : throw RestRefusal.NotFound();
    }

    /// <summary>`[{"id":0,"name":"X64","type":"system"}]`; those of the system cannot be taken away later.</summary>
    private static List<RunnerLabel> Labels(RestCall call) => call.Field("labels") is { ValueKind: JsonValueKind.Array } labels
        ? [.. labels.EnumerateArray().Select(label => new RunnerLabel(
            label.GetProperty("name").GetString() ?? "",
            label.TryGetProperty("type", out var type) && type.ToString().Equals("system", StringComparison.OrdinalIgnoreCase)))]
        : [];

    private static RSAParameters Key(RestCall call)
    {
        try
        {
            var xml = XDocument.Parse(call.Text("public_key") ?? "").Root!;
            return new() { Modulus = Convert.FromBase64String(xml.Element("Modulus")!.Value), Exponent = Convert.FromBase64String(xml.Element("Exponent")!.Value) };
        }
        catch (Exception wrong) when (wrong is XmlException or FormatException or NullReferenceException)
        {
            throw Unprocessable("public_key should be an RSAKeyValue with Modulus and Exponent");
        }
    }

    private static RestRefusal Unprocessable(string message) => RestRefusal.Unprocessable(message, "https://docs.github.com/rest");
}

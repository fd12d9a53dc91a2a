using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Lab.Proxmox;
using Lab.Tests.Proxmox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>
/// The double would be no judge of the client if it took what Proxmox refuses. For every call and parameter that a whole life of a machine sends,
/// and for unknown ones, its verdict on random values is that of the published schema.
/// </summary>
public sealed partial class VerdictTests
{
    private const int Rounds = 25;

    /// <summary>Faults that only the calls themselves find, once the schema is content.</summary>
    [GeneratedRegex("already exists|does not support content-type|not configured for content-type|wrong extension|no such task|worker upid|unknown option|has wrong type|duplicate parameter")]
    private static partial Regex Semantic();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("9.1", "pve-apischema.json")]
    [InlineData("8.4", "pve-apischema-8.4.json")]
    [InlineData("7.4", "pve-apischema-7.4.json")]
    public async Task The_double_takes_and_refuses_what_the_schema_does(string version, string schema)
    {
        var reference = Reference.OrSkip();
        var seed = Environment.TickCount;
        await using var cluster = await SchemaTests.WholeLifeAsync(version);
        var trials = new Trials(reference.Endpoints(schema), new Random(seed)).Of(cluster.Wire.Requests, Rounds).ToList();

        var expected = (await reference.FindingsAsync(schema, trials.Select(trial => trial.LogLine), Cancel)).ToDictionary(line => line.Key, line => Names(line.Value.Keys));
        var double_ = Handler(version);
        List<string> differences = [];
        for (var number = 0; number < trials.Count; number++)
        {
            var seen = await VerdictAsync(double_, trials[number]);
            var wanted = expected.GetValueOrDefault(number + 1, "");
            if (seen != wanted)
                differences.Add($"{trials[number]}\n    schema: {(wanted.Length > 0 ? wanted : "fine")}\n    double: {(seen.Length > 0 ? seen : "fine")}");
        }

        trials.Count.ShouldBeGreaterThan(1000);
        expected.Count.ShouldBeInRange(trials.Count / 10, trials.Count * 9 / 10);
        differences.ShouldBeEmpty($"seed {seed}, {differences.Count} of {trials.Count} differ:\n{string.Join('\n', differences.Take(40))}");
    }

    private static string Names(IEnumerable<string> names) => string.Join(' ', names.Order(StringComparer.Ordinal));

    private static RequestDelegate Handler(string version)
    {
        var app = new ApplicationBuilder(new ServiceCollection().BuildServiceProvider());
        new ProxmoxDouble(TemplateImageTests.Options with { Version = version, Pools = [] }, new MemoryMachines(), TimeProvider.System).Use(app);
        return app.Build();
    }

    private static async Task<string> VerdictAsync(RequestDelegate double_, Trial trial)
    {
        var context = new DefaultHttpContext();
        context.Request.Method = trial.Method;
        if (!trial.Target.Contains("/access/ticket", StringComparison.Ordinal))
            context.Request.Headers.Authorization = $"PVEAPIToken=root@pam!runnerbuild={Wire.TokenSecret}";
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = trial.Target;
        context.Request.QueryString = new(trial.Target.Contains('?', StringComparison.Ordinal) ? trial.Target[trial.Target.IndexOf('?', StringComparison.Ordinal)..] : "");
        if (trial.Body.Length > 0)
        {
            var body = Encoding.UTF8.GetBytes(trial.Body);
            (context.Request.Body, context.Request.ContentLength, context.Request.ContentType) = (new MemoryStream(body), body.Length, "application/x-www-form-urlencoded");
        }

        var answer = new MemoryStream();
        context.Response.Body = answer;
        await double_(context);
        if (context.Response.StatusCode == 501)
            return "_request";
        if (context.Response.StatusCode != 400)
            return "";
        var errors = JsonDocument.Parse(answer.ToArray()).RootElement.GetProperty("errors").EnumerateObject().Where(error => !Semantic().IsMatch($"{error.Value}"));
        return Names(errors.Select(error => error.Name));
    }
}

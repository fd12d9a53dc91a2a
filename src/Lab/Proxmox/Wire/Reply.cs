using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Lab.Proxmox.Wire;

/// <summary>A page of a longer list.</summary>
internal sealed record Page(object Items, int Total);

/// <summary>Writes answers: `{"data": …}`, and for failures the message in the status line, with `Connection: close`.</summary>
internal static class Reply
{
    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Task DataAsync(HttpResponse response, object? data) =>
        data is Page page
            ? WriteAsync(response, new Dictionary<string, object?> { ["data"] = page.Items, ["total"] = page.Total })
            : WriteAsync(response, new Dictionary<string, object?> { ["data"] = data });

    public static Task ErrorAsync(HttpResponse response, ApiException problem, ProxmoxVersion version)
    {
        response.StatusCode = problem.Status;
        response.HttpContext.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = ReasonPhrase(problem.Message);
        response.Headers.Connection = "close";
        if (problem.IsEmpty)
        {
            response.ContentLength = 0;
            return Task.CompletedTask;
        }
        var body = new Dictionary<string, object?> { ["data"] = null };
        if (problem.Errors is { } errors)
            body["errors"] = errors;
        if (version.PutsMessageInBody)
            body["message"] = problem.Message + "\n";
        return WriteAsync(response, body);
    }

    private static Task WriteAsync(HttpResponse response, object body)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, Json);
        response.ContentType = "application/json;charset=UTF-8";
        response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(response.HttpContext.Request.Method) ? Task.CompletedTask : response.Body.WriteAsync(bytes).AsTask();
    }

    private static string ReasonPhrase(string message) =>
        string.Concat(message.Split('\n')[0].Select(letter => letter is >= ' ' and <= '~' ? letter : '?'));
}

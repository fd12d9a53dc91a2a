using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Lab.Proxmox.Wire;

/// <summary>A request as the HTTP layer sees it: the decoded path below `/api2/json`, and its parameters (string, bool or list of strings).</summary>
internal sealed record IncomingRequest(string Method, string Path, IReadOnlyList<string> Segments, Dictionary<string, object> Parameters)
{
    private const string Prefix = "/api2/json";

    /// <summary>Rules that hold before anyone is asked who he is.</summary>
    public static void CheckShape(HttpRequest request)
    {
        if (request.Method is not ("GET" or "POST" or "PUT" or "DELETE"))
            throw ApiException.NotImplemented($"method '{request.Method}' not available");
        if (request.Headers.TransferEncoding.Count > 0)
            throw ApiException.NotImplemented("chunked transfer encoding not supported");
    }

    public static async Task<IncomingRequest> ReadAsync(HttpRequest request, ProxmoxVersion version, CancellationToken cancel)
    {
        var parameters = new Dictionary<string, object>(StringComparer.Ordinal);
        if (request.ContentLength > 0)
            await ReadBodyAsync(request, version, parameters, cancel);
        var query = new Dictionary<string, object>(StringComparer.Ordinal);
        FormDecoding.Decode(request.QueryString.Value?.TrimStart('?') ?? "", query);
        foreach (var (name, value) in query)
            parameters[name] = value;
        parameters.Remove("_dc");
        var segments = SegmentsOf(request);
        return new(request.Method, "/" + string.Join('/', segments), segments, parameters);
    }

    /// <summary>The path below the prefix. It is taken from the request line, where `%2F` is still told from `/`.</summary>
    public static IReadOnlyList<string> SegmentsOf(HttpRequest request)
    {
        var target = request.HttpContext.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.Split('?')[0];
        if (!path.StartsWith(Prefix, StringComparison.Ordinal))
            throw new ApiException(404, $"no such file '{path}'") { IsEmpty = true };
        return [.. path[Prefix.Length..].Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)];
    }

    private static async Task ReadBodyAsync(
        HttpRequest request,
        ProxmoxVersion version,
        Dictionary<string, object> parameters,
        CancellationToken cancel
    )
    {
        if (request.ContentLength > version.BodyLimit)
            throw ApiException.NotImplemented("for data too large");
        if (request.Method is not ("POST" or "PUT"))
            throw ApiException.NotImplemented($"Unexpected content for method '{request.Method}'");
        var type = request.ContentType?.Split(';')[0].Trim().ToLowerInvariant();
        if (type is not (null or "" or "application/x-www-form-urlencoded" or "application/json"))
            throw new ApiException(506, $"upload 'Content-Type '{type}' not implemented") { IsEmpty = true };
        var body = new MemoryStream();
        await request.Body.CopyToAsync(body, cancel);
        if (type == "application/json")
            JsonDecoding.Decode(body.ToArray(), parameters);
        else
            FormDecoding.Decode(Encoding.UTF8.GetString(body.ToArray()), parameters);
    }
}

namespace Lab.GitHub.Rest;

/// <summary>An error of the REST API, with the words and the body that GitHub has for it.</summary>
internal sealed class RestRefusal(int status, string message, string documentation = "https://docs.github.com/rest", object[]? errors = null)
    : Exception(message)
{
    public int Status => status;

    public IResult Answer => errors is null
        ? Results.Json(new { message = Message, documentation_url = documentation, status = $"{status}" }, statusCode: status)
        : Results.Json(new { message = Message, errors, documentation_url = documentation, status = $"{status}" }, statusCode: status);

    public static RestRefusal NotFound(string documentation = "https://docs.github.com/rest") => new(404, "Not Found", documentation);

    public static RestRefusal BadCredentials() => new(401, "Bad credentials");

    public static RestRefusal Unprocessable(string message, string documentation) => new(422, message, documentation);
}

namespace Lab.Proxmox.Access;

/// <param name="Id">`name@realm`.</param>
/// <param name="Password">Null: no ticket can be had.</param>
internal sealed record User(string Id, string? Password);

/// <param name="Id">`name@realm!token`.</param>
/// <param name="PrivilegeSeparation">True: the token has only what the access rules give to the token itself, and no more than its user.</param>
internal sealed record ApiToken(string Id, string Secret, bool PrivilegeSeparation = false, DateTimeOffset? Expires = null)
{
    public string User => Id.Split('!')[0];
}

/// <summary>One access rule: who has which role where.</summary>
/// <param name="Subject">A user's or token's id.</param>
internal sealed record AclEntry(string Path, string Subject, string Role, bool Propagate = true);

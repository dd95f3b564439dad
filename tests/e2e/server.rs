//! A static file server for dist/, as plain as the hosts that the page must work on.

use crate::visit::Checked;
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
};

/// The folder the page lives in: any but the root, so that absolute addresses show as failures.
const SUB_PATH: &str = "/some/where/";

/// What to serve, and how badly.
#[derive(Clone)]
pub(crate) struct Site {
    root: PathBuf,
    delay: Duration,
    missing: Option<&'static str>,
    /// A folder beside the page, by its name in addresses.
    beside: Option<(&'static str, PathBuf)>,
}

impl Site {
    /// The built page.
    pub(crate) fn dist() -> Checked<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("dist");
        if !root.join("index.html").exists() {
            return Err("there is no dist/: run `trunk build --release` first".into());
        }
        Ok(Self { root, delay: Duration::ZERO, missing: None, beside: None })
    }

    /// Lets every answer wait, to show what a visitor on a slow line sees.
    #[must_use]
    pub(crate) fn slowed_by(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }

    /// Answers 404 for every file whose name ends so.
    #[must_use]
    pub(crate) fn without(self, suffix: &'static str) -> Self {
        Self { missing: Some(suffix), ..self }
    }

    /// Also serves a folder, under the page's own address and this name.
    #[must_use]
    pub(crate) fn with_folder(self, name: &'static str, folder: PathBuf) -> Self {
        Self { beside: Some((name, folder)), ..self }
    }

    /// The path of one of the site's files on disk.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        let beside = self.beside.as_ref().and_then(|(folder, path)| {
            Some(path.join(name.strip_prefix(folder)?.strip_prefix('/')?))
        });
        beside.unwrap_or_else(|| self.root.join(name))
    }

    /// Serves until the runtime ends; returns the page's address.
    pub(crate) async fn serve(self) -> Checked<String> {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await?;
        let address = listener.local_addr()?;
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let site = self.clone();
                // A browser that hangs up in the middle is no trouble of the server's.
                tokio::spawn(async move { site.answer(stream).await.ok() });
            }
        });
        Ok(format!("http://{address}{SUB_PATH}"))
    }

    /// Reads one request, answers it and closes the connection.
    async fn answer(&self, stream: TcpStream) -> std::io::Result<()> {
        let mut stream = BufReader::new(stream);
        let mut request = String::new();
        stream.read_line(&mut request).await?;
        let mut header = String::new();
        while stream.read_line(&mut header).await? > 2 {
            header.clear();
        }
        tokio::time::sleep(self.delay).await;
        let path = request.split(' ').nth(1).unwrap_or_default();
        let path = path.split('?').next().unwrap_or_default();
        let (status, mime, body) = match self.read(path).await {
            Some(body) => ("200 OK", mime_type(path), body),
            None => ("404 Not Found", "text/plain", b"not found".to_vec()),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\nContent-Type: {mime}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            body.len()
        );
        stream.write_all(head.as_bytes()).await?;
        stream.write_all(&body).await?;
        stream.shutdown().await
    }

    async fn read(&self, path: &str) -> Option<Vec<u8>> {
        let name = match path.strip_prefix(SUB_PATH)? {
            "" => "index.html",
            name => name,
        };
        let withheld = self.missing.is_some_and(|suffix| name.ends_with(suffix));
        if withheld || name.split('/').any(|part| part == "..") {
            return None;
        }
        tokio::fs::read(self.file(name)).await.ok()
    }
}

/// The media type by a file name's extension, as common hosts send it.
fn mime_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("json") => "application/json",
        _ if path.ends_with('/') => "text/html; charset=utf-8",
        _ => "application/octet-stream",
    }
}

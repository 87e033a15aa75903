//! How a parameter of an operation becomes part of the request. The generated methods call this.

use std::borrow::Cow;
use std::fmt::Display;

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::credentials::InvalidValue;
use crate::operation::Operation;
use crate::{Error, SessionCookie, SessionId};

/// A value that can stand in a path or a header.
pub(crate) trait Parameter<'a> {
    /// The value as text, checked.
    fn text(self) -> Result<Cow<'a, str>, InvalidValue>;

    /// The value as one segment of a path. What would be no segment, or would change the path, is refused.
    fn segment(self) -> Result<Cow<'a, str>, InvalidValue>
    where
        Self: Sized,
    {
        let text = self.text()?;
        if matches!(text.as_ref(), "" | "." | "..") {
            return Err(InvalidValue::new("path parameter", "must not be empty, `.` or `..`, which change the path"));
        }
        Ok(Cow::Owned(utf8_percent_encode(&text, NOT_UNRESERVED).to_string()))
    }
}

impl<T: Display> Parameter<'_> for T {
    fn text(self) -> Result<Cow<'static, str>, InvalidValue> {
        Ok(Cow::Owned(self.to_string()))
    }
}

impl<'a> Parameter<'a> for &'a SessionId {
    fn text(self) -> Result<Cow<'a, str>, InvalidValue> {
        self.checked().map(Cow::Borrowed)
    }

    fn segment(self) -> Result<Cow<'a, str>, InvalidValue> {
        // Its characters mean themselves in a path.
        self.text()
    }
}

impl<'a> Parameter<'a> for &'a SessionCookie {
    fn text(self) -> Result<Cow<'a, str>, InvalidValue> {
        Ok(Cow::Borrowed(self.expose_secret()))
    }
}

/// Everything but the unreserved characters of RFC 3986.
pub(crate) const NOT_UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The value as one segment of the path.
pub(crate) fn path_segment<'a>(
    operation: &'static Operation,
    value: impl Parameter<'a>,
) -> Result<Cow<'a, str>, Error> {
    value.segment().map_err(|invalid| Error::invalid(operation, invalid))
}

/// The value as a header. It is marked sensitive: a header that a caller fills in is a credential here.
pub(crate) fn header_value<'a>(operation: &'static Operation, value: impl Parameter<'a>) -> Result<HeaderValue, Error> {
    let text = value.text().map_err(|invalid| Error::invalid(operation, invalid))?;
    let mut header = HeaderValue::from_str(&text).map_err(|_| {
        Error::invalid(operation, InvalidValue::new("header parameter", "must not have control characters"))
    })?;
    header.set_sensitive(true);
    Ok(header)
}

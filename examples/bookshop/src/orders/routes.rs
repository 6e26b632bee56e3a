//! `/orders`: each customer sees their own.

use mini_spring::http::Uri;
use mini_spring::{Created, Inject, Json, Result, Valid, route};

use super::model::{NewOrder, Order, OrderId, Summary};
use super::service::OrderService;
use crate::accounts::Account;
use crate::paging::{Page, PageNumber, PageSize, Paged};

#[route(POST, "/orders", body_limit = "16KiB", blocking)]
pub fn place(
    customer: Inject<Account>,
    orders: Inject<OrderService>,
    Valid(Json(new)): Valid<Json<NewOrder>>,
) -> Result<Created<Order>> {
    let id = orders.place(customer.id, &new.lines)?;
    let order = orders.get(customer.id, id)?;
    Ok(Created::at(get::url(id)).with(order))
}

#[route(GET, "/orders?<page=1>&<size=20>")]
pub fn list(
    customer: Inject<Account>,
    orders: Inject<OrderService>,
    page: PageNumber,
    size: PageSize,
    uri: Uri,
) -> Result<Paged<Summary>> {
    let page = Page::new(page, size);
    Ok(orders.list(customer.id, page)?.on(page, &uri))
}

#[route(GET, "/orders/<id>")]
pub fn get(
    customer: Inject<Account>,
    orders: Inject<OrderService>,
    id: OrderId,
) -> Result<Json<Order>> {
    orders.get(customer.id, id).map(Json)
}
